"""The resident's pages: report, receipt, status, my data; and the officers' page of codes. None of them needs JavaScript."""

from django.urls import path

from fengqiao.across.intake.pages import codes, personal, receipts, reporting, rules

urlpatterns = [
    path("", reporting.start, name="start"),
    path("help-now/", reporting.help_now, name="help_now"),
    path("report/", reporting.places, name="report"),
    path("report/<str:area>/", reporting.landing, name="report_area"),
    path("report/<str:area>/<str:aim>/", reporting.kinds, name="report_kinds"),
    path("report/<str:area>/<str:aim>/<str:category>/", reporting.form, name="report_form"),
    path("q/<str:token>/", reporting.landing, name="code"),
    path("q/<str:token>/<str:aim>/", reporting.kinds, name="code_kinds"),
    path("q/<str:token>/<str:aim>/<str:category>/", reporting.form, name="code_form"),
    path("follow/<uuid:case_id>/", reporting.follow, name="follow"),
    path("place/<str:area>.svg", reporting.map_image, name="place_map"),
    path("receipt/<str:number>/", receipts.receipt, name="receipt"),
    path("query/", receipts.look_up, name="query"),
    path("query/<str:number>/", receipts.status, name="status"),
    path("query/<str:number>/<str:move>/", receipts.move, name="status_move"),
    path("privacy/", personal.privacy, name="privacy"),
    path("my-data/", personal.find, name="my_data"),
    path("my-data/<str:number>/", personal.mine, name="my_data_of"),
    path("my-data/<str:number>/copy/", personal.copy, name="my_data_copy"),
    path("routing/", rules.rules, name="rules"),
    path("codes/", codes.codes, name="codes"),
    path("codes/sheet/<uuid:batch>/", codes.sheet, name="code_sheet"),
    path("codes/poster/<str:token>/", codes.poster, name="code_poster"),
    path("codes/revoke/<str:token>/", codes.revoke, name="code_revoke"),
]
