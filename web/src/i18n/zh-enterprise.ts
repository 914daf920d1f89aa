/** Chinese texts of the enterprise's card and page. */
export const zhEnterprise = {
  usccMissing: '统一社会信用代码待补',
  noLevel: '不是企业安全风险等级',
  noRegister: '当前筛选下没有风险点',
  noRegisterHint: '企业已登记；它的风险点可能尚未登记，或不符合筛选条件。',
  paperTitle: '{name}安全风险四色图',
  home: '注册地区划',
  open: '企业详情',
  only: '只看本企业',
  all: '不限本企业',
  edit: '编辑企业',
  addPoint: '登记风险点',
  onMap: '在全市地图上看',
  economy: '国民经济行业 {code}',
  employees: '从业 {n} 人',
  why: '等级、依据与场所',
  register: '风险点台账',
  sites: '场所（{n}）',
  noSites: '没有登记场所',
  sitePoints: '{n} 个风险点',
  contacts: '显示联系人',
  contactsHint: '每次查看都会记入审计',
  nowhere: '没有任何坐标，无法上图',
  nowhereHint: '场所与风险点都没有坐标；下面的台账仍是完整的。',
}

/** Chinese texts of the ranking. */
export const zhRanking = {
  title: '排名（本系统指标）',
  territories: '下级区域',
  enterprises: '企业',
  place: '名次',
  density: '密度/km²',
  exposure: '加权暴露',
}
