"""Every query belongs to a community.

``Model.objects`` gives rows only after ``.of(community)``; to cross communities,
``.across(reason)`` spells out why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.db import models

if TYPE_CHECKING:
    from shouwang.apps.communities.models import Community

Row = TypeVar("Row", bound=models.Model)


class UnscopedQueryError(RuntimeError):
    """A query forgot its community."""


class ScopedManager(models.Manager[Row]):
    """A manager that refuses to forget the community."""

    def of(self, community: Community | int) -> models.QuerySet[Row]:
        """Return the rows of one community."""
        key = community if isinstance(community, int) else community.pk
        return super().get_queryset().filter(community_id=key)

    def across(self, reason: str) -> models.QuerySet[Row]:
        """Return the rows of every community; ``reason`` says why that is right."""
        if not reason:
            message = "Crossing communities needs a reason."
            raise UnscopedQueryError(message)
        return super().get_queryset()

    def get_queryset(self) -> models.QuerySet[Row]:
        message = (
            f"{self.model.__name__}.objects needs .of(community), "
            "or .across(reason) where crossing communities is right."
        )
        raise UnscopedQueryError(message)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Rows that are written once: nothing recorded is lost or rewritten."""

    def update(self, **kwargs: Any) -> NoReturn:
        message = f"{self.model.__name__} is append-only: write a new row."
        raise AppendOnlyError(message)

    def delete(self) -> NoReturn:
        message = f"{self.model.__name__} is append-only: nothing is deleted."
        raise AppendOnlyError(message)


class AppendOnlyError(RuntimeError):
    """Somebody tried to rewrite what was recorded."""


class AppendOnlyManager(ScopedManager[Row]):
    """A scoped manager over rows that are written once."""

    def of(self, community: Community | int) -> AppendOnlyQuerySet[Row]:
        key = community if isinstance(community, int) else community.pk
        rows: AppendOnlyQuerySet[Row] = AppendOnlyQuerySet(self.model, using=self._db)
        return rows.filter(community_id=key)

    def across(self, reason: str) -> AppendOnlyQuerySet[Row]:
        if not reason:
            message = "Crossing communities needs a reason."
            raise UnscopedQueryError(message)
        return AppendOnlyQuerySet(self.model, using=self._db)

    def to_forget(
        self, community: Community | int, reason: str
    ) -> models.QuerySet[Row]:
        """Return rows out of which names and free words may be taken, and nothing else.

        The one lawful exception to "nothing recorded is lost or rewritten": whoever
        left the watch is forgotten when the time of keeping is over
        (docs/decisions/0015). Only the functions in ``settings.FORGETTERS`` use it.
        """
        if not reason:
            message = "Forgetting needs a reason."
            raise UnscopedQueryError(message)
        key = community if isinstance(community, int) else community.pk
        rows: models.QuerySet[Row] = models.QuerySet(self.model, using=self._db)
        return rows.filter(community_id=key)


class ScopedModel(models.Model):
    """A row of one community.

    Django's own machinery (forward relations, migrations) uses ``unscoped``; it is
    not for us.
    """

    community = models.ForeignKey(
        "communities.Community", on_delete=models.PROTECT, related_name="+"
    )

    unscoped = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "unscoped"
