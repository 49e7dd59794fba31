"""The pages of the settings desk. None of them needs JavaScript; every change is tried before it counts."""

from django.urls import path

from fengqiao.across.configuration.pages import carrying, deliveries, desk, history, machine, persons, posts, staffing

urlpatterns = [
    path("settings/", desk.hub, name="settings"),
    path("settings/changes/", history.changes, name="settings_changes"),
    path("settings/changes/<uuid:id>/", history.change, name="settings_change"),
    path("settings/file/", carrying.carry, name="settings_file"),
    path("settings/file/save/", carrying.save, name="settings_save"),
    path("settings/health/", machine.health, name="settings_health"),
    path("settings/deliveries/", deliveries.deliveries, name="settings_deliveries"),
    path("settings/deliveries/table/", deliveries.table, name="settings_deliveries_table"),
    path("settings/deliveries/try/", deliveries.try_way, name="settings_deliveries_try"),
    path("settings/deliveries/again/", deliveries.again, name="settings_deliveries_again"),
    path("settings/posts/", posts.posts, name="settings_posts"),
    path("settings/posts/<slug:key>/", posts.post, name="settings_post"),
    path("settings/persons/", persons.persons, name="settings_persons"),
    path("settings/persons/new/", persons.new, name="settings_new_person"),
    path("settings/persons/file/", staffing.bring, name="settings_staff"),
    path("settings/persons/file/template/", staffing.template, name="settings_staff_template"),
    path("settings/persons/<uuid:id>/", persons.person, name="settings_person"),
    path("settings/persons/<uuid:id>/<slug:deed>/", persons.do, name="settings_person_do"),
    path("settings/<slug:key>/", desk.listing, name="settings_list"),
    path("settings/<slug:key>/new/", desk.new, name="settings_new"),
    path("settings/<slug:key>/of/<path:about>/", desk.edit, name="settings_edit"),
]
