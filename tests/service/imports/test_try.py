import json
from tests.service.imports.register import *
H=["企业名称","风险点编号","风险点名称","位置","经度","纬度","几何(WKT)","所在区划","风险事件","事故类别","管控措施","管控层级","责任单位","责任人","评价方法","L","E","C","直接判定","固有风险等级","评定风险等级","人工调整理由","评价人","评价日期","复评日期","暴露人数"]
def row(**k):
    return [k.get(h,"") for h in H]
async def test_it(client, database):
    await bring_in(client, csv_of(["企业名称","经度","纬度"],["演示甲厂",*NANGUAN],["演示乙厂","",""]), name="e.csv")
    pts=csv_of(H,
      row(企业名称="演示甲厂",风险点编号="A-1",风险点名称="熔炼炉",经度="125.3501",纬度="43.8602",风险事件="喷爆",事故类别="灼烫;火灾",管控措施="工程技术：设防护墙\n每班检查",管控层级="公司",责任单位="生产部",责任人="张某",评价方法="LEC",L="3",E="6",C="40",固有风险等级="重大",评价日期="2026年10月8日",复评日期="2027-10-08",评价人="李某"),
      row(企业名称="演示甲厂",风险点编号="A-2",风险点名称="配电室",评价方法="LS",L="2",评定风险等级="低",评价日期="2026-10-08"),
      row(企业名称="演示乙厂",风险点编号="B-1",风险点名称="仓库",评定风险等级="较大风险",评价日期="2026-10-08"),
      row(风险点编号="Q-1",风险点名称="人民桥",**{"几何(WKT)":"LINESTRING(125.31 43.87,125.36 43.87)"},所在区划="南关区"),
      row(企业名称="演示丙厂",风险点编号="C-1",风险点名称="x"),
      row(企业名称="演示甲厂",风险点编号="A-3",风险点名称="氨罐",直接判定="构成危险化学品重大危险源：三级",评价日期="2026-10-08"),
      row(企业名称="演示甲厂",风险点编号="A-4",风险点名称="车间",评价方法="LEC",L="3",E="6",C="41",评价日期="2017年11月31日"),
      row(企业名称="演示甲厂",风险点编号="A-5",风险点名称="车间",评价方法="LEC",L="3",E="6",C="15",评定风险等级="重大",评价日期="2026-10-01"),
    )
    s=await upload(client, pts)
    for p in s["problems"]: print(p["row"],p["severity"],p["code"],p["column"],p["value"],p["message"]["zh"])
    print(s["preview"])
    r=await commit(client,s); print(r.status_code, r.text[:300])
    for r in rows_of(database,"select number,position,grade_assessed,grade_inherent,site_id,located_in_path,located_stated,version,accident_edition,accident_categories,control_level from risk_point"): print(r)
    for r in rows_of(database,"select kind,description,control_level,unit,person from measure"): print(r)
    for r in rows_of(database,"select basis,method_id,inputs,score,grade,reasons from assessment"): print(r)
    s=await upload(client, pts); print(s["preview"], s["changes"])
    pts2=pts.replace("熔炼炉".encode(),"中频熔炼炉".encode()).replace("每班检查".encode(),"每班两次检查".encode()).replace(b"3,6,40",b"1,6,40").replace("生产部".encode(),"清空".encode())
    s=await upload(client, pts2); print(s["preview"]); print(json.dumps(s["changes"],ensure_ascii=False,indent=0))
    r=await commit(client,s); print(r.status_code, r.text[:100])
    for r in rows_of(database,"select number,name,grade_assessed,version from risk_point"): print(r)
    for r in rows_of(database,"select kind,description,control_level,unit,person from measure"): print(r)
