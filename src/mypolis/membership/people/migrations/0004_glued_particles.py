"""Recomputes the match keys of names on file: name folding now treats оглы, кызы and so on as separate words."""

from django.db import migrations

_SPLIT = r"""
    UPDATE people_person
    SET name_key = regexp_replace(name_key, '(\S\S+)(оглы|оглу|кызы|гызы|уулу|улы|заде)(?= |$)', '\1 \2', 'g')
    WHERE name_key ~ '\S\S(оглы|оглу|кызы|гызы|уулу|улы|заде)( |$)'
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_email_keys")]

    operations = [migrations.RunSQL(_SPLIT, migrations.RunSQL.noop)]
