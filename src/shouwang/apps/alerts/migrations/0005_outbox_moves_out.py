from typing import Any

from django.db import migrations


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Messages of alerts and of offers keep their rows, in the outbox's own table."""
    old = apps.get_model("alerts", "OutboxMessage")
    new = apps.get_model("outbox", "OutboxMessage")
    types = apps.get_model("contenttypes", "ContentType").objects
    alert_type, _ = types.get_or_create(app_label="alerts", model="alert")
    offer_type, _ = types.get_or_create(app_label="rounds", model="offer")
    rows = old._base_manager.select_related("alert").order_by("pk")
    for start in range(0, rows.count(), 500):
        new._base_manager.bulk_create(
            new(
                community_id=row.community_id,
                subject_type=alert_type if row.alert_id else offer_type,
                subject_id=row.alert_id or row.offer_id,
                home_id=row.alert.home_id if row.alert_id else None,
                # The key was "alert:part:person".
                part=row.key.partition(":")[2].rpartition(":")[0] if row.alert_id else "",
                key=row.key,
                to_member_id=row.to_member_id,
                to_contact_id=row.to_contact_id,
                about=row.about,
                ask=row.ask,
                priority=row.priority * 100,
                state=row.state,
                queued_at=row.queued_at,
                next_at=row.next_at,
                attempt_count=row.attempt_count,
                sent_at=row.sent_at,
                channel=row.channel,
                error=row.error,
            )
            for row in rows[start : start + 500]
        )


class Migration(migrations.Migration):

    dependencies = [
        ("alerts", "0004_message_of_an_offer"),
        ("outbox", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="OutboxMessage"),
    ]
