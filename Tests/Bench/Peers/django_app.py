"""The page in Django, with its ORM and its templates, on gunicorn: two workers of four threads."""

import os
import time

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

HERE = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    DEBUG=False,
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    USE_I18N=False,
    USE_THOUSAND_SEPARATOR=False,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["DB"],
            "CONN_MAX_AGE": None,
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [os.path.join(HERE, "templates")],
        }
    ],
)
django.setup()

from django.db import models  # noqa: E402
from django.http import HttpResponseRedirect  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Bench:
    app_label = "bench"
    managed = False


class Person(models.Model):
    id = models.IntegerField(primary_key=True)
    name = models.TextField()
    email = models.TextField()
    bio = models.TextField()

    class Meta(Bench):
        db_table = "person"


class Session(models.Model):
    token = models.TextField(primary_key=True)
    user = models.IntegerField()
    expires = models.IntegerField()

    class Meta(Bench):
        db_table = "session"


class Account(models.Model):
    id = models.IntegerField(primary_key=True)
    balance = models.IntegerField()

    class Meta(Bench):
        db_table = "account"


class Visit(models.Model):
    id = models.IntegerField(primary_key=True)
    person = models.IntegerField()
    at = models.IntegerField()
    title = models.TextField()
    note = models.TextField()
    status = models.TextField()
    helper = models.TextField()

    class Meta(Bench):
        db_table = "visit"


def visits(request):
    session = Session.objects.filter(token=request.COOKIES.get("sid", "")).first()
    if session is None or session.expires < time.time():
        return HttpResponseRedirect("/sign-in", status=303)
    person = Person.objects.get(id=session.user)
    balance = Account.objects.get(id=session.user).balance
    rows = list(Visit.objects.filter(person=session.user).order_by("-at")[:50])
    values = {"person": person, "balance": balance, "visits": rows}
    return render(request, "visits.html", values)


urlpatterns = [path("visits", visits)]
app = get_wsgi_application()
