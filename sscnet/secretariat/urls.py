from django.urls import path

app_name = "secretariat"
urlpatterns = []
