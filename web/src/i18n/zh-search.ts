/** Chinese texts of the search box. */
export const zhSearch = {
  label: '搜索地点、企业、风险点',
  placeholder: '企业、信用代码、拼音首字母、北斗网格码、坐标',
  searching: '正在搜索…',
  nothing: '没有找到“{words}”',
  nothingHint: '可输入名称的一部分、拼音首字母、统一社会信用代码、北斗网格码或“经度,纬度”。',
  kind: { enterprise: '企业', risk_point: '风险点', territory: '区域', cell: '网格单元', position: '坐标' },
  datum: '坐标的基准',
  failed: '搜索没有成功',
}
