from django.urls import path

from criteria import views

app_name = "criteria"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/", views.edition, name="edition"),
    path("<slug:code>/search/", views.find, name="search"),
    path("<slug:code>/pillars/", views.pillars, name="pillars"),
    path("<slug:code>/roadmap/", views.roadmap, name="roadmap"),
    path("<slug:code>/roadmap/<slug:key>/", views.dimension, name="dimension"),
    path("<slug:code>/<str:topic_code>/", views.topic, name="topic"),
]
