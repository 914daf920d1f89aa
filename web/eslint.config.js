// The accidents this file prevents: a promise nobody waits for, a file nobody can hold in the head,
// and a page that reaches past its floor (page -> map | parts -> api; Leaflet only in src/map).
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

const LEAFLET = { group: ['leaflet', 'leaflet/*', '@geoman-io/*'], message: 'Only src/map imports Leaflet.' }
const PAGES = ['overview', 'imports', 'register', 'print', 'accounts', 'audit', 'standalone']

function forbid(...patterns) {
  return { 'no-restricted-imports': ['error', { patterns }] }
}

function within(folder, ...above) {
  const groups = above.map((name) => ({
    group: [`**/${name}/*`],
    message: `src/${folder} stands below src/${name}.`,
  }))
  return { files: [`src/${folder}/**`], rules: forbid(...(folder === 'map' ? [] : [LEAFLET]), ...groups) }
}

export default tseslint.config(
  { ignores: ['dist/**', 'public/**', 'node_modules/**', 'src/api/types.gen.ts', 'eslint.config.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/essential'],
  {
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 250 }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/multi-word-component-names': 'off',
      'vue/no-unused-emit-declarations': 'error',
      'vue/no-undef-components': 'error',
      'vue/no-v-html': 'error',
      ...forbid(LEAFLET),
    },
  },
  within('api', 'parts', 'map', 'i18n', 'search', ...PAGES),
  within('parts', 'map', 'search', ...PAGES),
  within('map', 'parts', 'i18n', 'search', ...PAGES),
  within('search', ...PAGES),
  within('overview', 'imports', 'register', 'search', 'print', 'standalone', 'accounts', 'audit'),
  within('imports', 'overview', 'map', 'register', 'search', 'print', 'standalone', 'accounts', 'audit'),
  within('register', 'overview', 'imports', 'search', 'print', 'standalone', 'accounts', 'audit'),
  // What is printed is an address of the map: the print page stands above it and reads it by its rules.
  within('print', 'imports', 'register', 'search', 'standalone', 'accounts', 'audit'),
  within('accounts', 'overview', 'imports', 'register', 'search', 'print', 'audit', 'standalone'),
  within('audit', 'overview', 'imports', 'map', 'register', 'search', 'print', 'accounts', 'standalone'),
  within('standalone', 'overview', 'imports', 'register', 'search', 'print', 'accounts', 'audit'),
  {
    // node:test returns promises that the runner itself waits for; the bundle check reports by printing.
    files: ['src/**/*.test.ts', 'scripts/**', 'vite.config.ts', 'vite.standalone.config.ts', 'vite.preview.config.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off', 'no-console': 'off' },
  },
)
