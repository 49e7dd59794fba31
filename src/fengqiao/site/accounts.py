"""The demo's accounts, as they are printed at its start."""

PASSWORD = "demo1234"

ACCOUNTS = (
    ("grid", "grid worker 网格员"),
    ("dispatcher", "town dispatcher 街道信息指挥室调度"),
    ("handler", "handling station 处置单位"),
    ("enforcement", "enforcement team 执法队"),
    ("clerk", "community clerk 社区工作者"),
    ("window", "window clerk 综合窗口"),
    ("director", "duty director 值班主任"),
    ("district", "district dispatcher 区中心调度"),
    ("leader", "leader 领导"),
    ("supervisor", "supervisor 督办"),
    ("auditor", "auditor 审计"),
    ("privacy", "privacy officer 个人信息保护负责人"),
    ("admin", "administrator 系统管理员"),
    ("analyst", "analyst 分析员"),
    ("mediator", "mediator 调解员"),
)
