"""A letter that is asked for on the page of a policy opens at once."""

from tests.cast import ANNA
from tests.ecard.holders import PageHolder
from tests.post import Post


def test_a_letter_opens_as_the_pdf_that_it_is(post: Post) -> None:
    anna = PageHolder(post, ANNA)
    policy = f"/ru/cover/{anna.membership.pk}/"
    form = anna.client.get(policy).content.decode().partition(f'action="{policy}letters/new/"')[2].partition(">")[0]
    assert 'target="_blank"' in form, "an app on the home screen has no way back from a PDF"
    answer = anna.client.post(f"{policy}letters/new/", {"language": "ru"})
    assert answer.status_code == 302
    paper = anna.client.get(answer["Location"])
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"].startswith("inline")
    assert b"".join(paper).startswith(b"%PDF")
    assert f'href="{answer["Location"]}"' in anna.client.get(policy).content.decode()
