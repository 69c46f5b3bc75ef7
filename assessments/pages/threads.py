"""What the pages of comments show: one thread, the mentions of a person, how much is open on a topic."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, F

from assessments.forms.threads import EditForm
from assessments.models import Answer, Comment, Mention, Thread
from assessments.pages.spots import inside_url
from assessments.pages.state import State
from criteria.structure import Topic
from pmqa.accounts.models import User
from pmqa.numbers import whole

PER_PAGE = 50


@dataclass(frozen=True)
class CommentView:
    """One comment. `asks_me`: an unread mention of who looks; `form`: for its author, bound if it was not stored."""

    comment: Comment
    mentioned: list[str]
    asks_me: Mention | None
    form: EditForm | None


@dataclass(frozen=True)
class ThreadView:
    """The newest comments, or those before one; `older` is the key to go on with."""

    thread: Thread | None
    comments: list[CommentView]
    older: int | None


def read_thread(
    answer: Answer,
    viewer: User,
    *,
    before: str = "",
    may_speak: bool,
    kept: dict[int, EditForm] | None = None,
) -> ThreadView:
    """Two queries. `kept`, by key of the comment, holds edits that were posted and not stored."""
    rows = Comment.objects.filter(thread__answer=answer).select_related("thread")
    if (key := whole(before)) is not None:
        rows = rows.filter(pk__lt=key)
    found = list(rows.prefetch_related("mentions__user").order_by("-pk")[: PER_PAGE + 1])
    shown = found[:PER_PAGE][::-1]
    return ThreadView(
        thread=shown[-1].thread if shown else None,
        comments=[_view(comment, viewer, may_speak, kept or {}) for comment in shown],
        older=shown[0].pk if len(found) > PER_PAGE else None,
    )


def _view(comment: Comment, viewer: User, may_speak: bool, kept: dict[int, EditForm]) -> CommentView:
    mentions = list(comment.mentions.all())
    form = None
    if may_speak and comment.author_id == viewer.pk and not comment.removed_at:
        stored = {"text": comment.text, "version": comment.version}
        form = kept.get(comment.pk) or EditForm(initial=stored, auto_id=f"c{comment.pk}-%s")
    return CommentView(
        comment,
        [str(mention.user) for mention in mentions],
        next((one for one in mentions if one.user_id == viewer.pk and one.read_at is None), None),
        form,
    )


def open_comments(state: State, topic: Topic) -> dict[int, int]:
    """Key of an answer of the topic -> comments that wait for something; one query."""
    rows = Comment.objects.open().filter(
        thread__answer__assessment=state.assessment, thread__answer__part__item__topic__code=topic.code
    )
    return dict(rows.order_by().values_list("thread__answer").annotate(Count("pk")))


def inside_links(state: State, topic: Topic, viewer: User) -> dict[str, bool]:
    """Context of a topic's page for `_inside_links.html` and the hint of presence: empty for who is not inside.

    The count goes onto the answers, so that each part finds its own.
    """
    if not viewer.has_perm("assessments.look_inside", state.assessment):
        return {}
    counts = open_comments(state, topic)
    for answer in state.answers.every:
        answer.open_comments = counts.get(answer.pk, 0)
    return {"has_inside": True, "appears": viewer.has_perm("assessments.appear", state.assessment)}


# --- mentions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class MentionView:
    mention: Mention
    code: str
    place: str


def mentions_page(viewer: User, number: str | None) -> tuple[Page, list[MentionView]]:
    """Everything that asked for a person's attention, unread first, then the newest; two queries."""
    agencies = {membership.agency_id for membership in viewer.current_memberships}
    rows = (
        Mention.objects.filter(
            user=viewer,
            comment__removed_at=None,
            comment__thread__answer__assessment__agency__in=agencies,
        )
        .select_related(
            "comment__thread__answer__part",
            "comment__thread__answer__indicator",
            "comment__thread__answer__assessment__agency",
            "comment__thread__answer__assessment__cycle",
        )
        .order_by(F("read_at").desc(nulls_first=True), "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(number)
    return page, [mention_view(mention) for mention in page]


def mention_view(mention: Mention) -> MentionView:
    answer = mention.comment.thread.answer
    name = answer.indicator.name if hasattr(answer, "indicator") else ""
    return MentionView(mention, answer.part.code, name)


def place_of(mention: Mention) -> str:
    """The address of the comment that a mention belongs to."""
    return f"{inside_url(mention.comment.thread.answer, 'comments')}#c{mention.comment_id}"
