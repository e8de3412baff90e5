import mypolis.membership.people.match_keys
from django.db import migrations

# The lengths are those that `match_keys.NameBeginnings` tells of. An index keeps what it computed: for other lengths,
# make another function and another index.
MAKE = """
    DROP INDEX IF EXISTS person_by_words;
    CREATE FUNCTION people_name_beginnings(market text, name_key text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT market || ':' || left(word, size))
        FROM unnest(string_to_array(name_key, ' ')) word,
            generate_series(least(3, length(word)), least(12, length(word))) size
        WHERE word <> ''
    $$;
"""
UNMAKE = "DROP FUNCTION people_name_beginnings(text, text);"


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_people_at_the_desk'),
    ]

    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        migrations.AddIndex(
            model_name='person',
            index=mypolis.membership.people.match_keys.BeginningsIndex(mypolis.membership.people.match_keys.NameBeginnings(), name='person_by_beginnings'),
        ),
    ]
