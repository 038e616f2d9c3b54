"""The triggers on the engine's own tables: by one the database takes back what a row was counted for, see
``tally_sources``; by the other it notes the orders whose profile changes behind the ORM's back."""

from odoo.tools import SQL

from .tally_sources import PROFILE

NOTE = SQL("order_sop_fact_note")


def install_trigger(cr, source):
    """Have the database take back what a counted row of ``source`` was counted for as it is changed or deleted.

    Also as a foreign key is emptied because a person is deleted: what is taken back then names somebody who is gone, so
    that the sums have no foreign keys to people.
    """
    name = trigger_name(source)
    old = SQL("(SELECT OLD.*)")
    takes = [
        SQL("INSERT INTO %s (%s) %s;", SQL.identifier(tally.table), tally.columns(), tally.select(old, -1))
        for tally in source.tallies
    ]
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $trigger$
            BEGIN
                %(takes)s
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                NEW.counted := FALSE;
                RETURN NEW;
            END $trigger$;
            DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
            CREATE TRIGGER %(name)s BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW WHEN (OLD.counted)
                EXECUTE FUNCTION %(name)s();
            """,
            name=name,
            takes=SQL(" ").join(takes),
            table=SQL.identifier(source.table),
        )
    )


def remove_trigger(cr, source):
    """Take away what :func:`install_trigger` has made."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", trigger_name(source)))


def trigger_name(source):
    """Return the name of the trigger, and of its function, on the table of ``source``, as SQL."""
    return SQL.identifier(f"order_sop_{source.table}_uncount")


def install_note(cr):
    """Have an order looked at again whose kept facts get another customer, team, category … by a foreign key that is
    emptied as that is deleted, or by the merging of contacts, which tells nobody."""
    columns = [SQL.identifier(name) for name in PROFILE]
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $trigger$
            BEGIN
                INSERT INTO sop_stale_order (stale_order_id) VALUES (NEW.order_id);
                RETURN NULL;
            END $trigger$;
            DROP TRIGGER IF EXISTS %(name)s ON sop_order_fact;
            CREATE TRIGGER %(name)s AFTER UPDATE OF %(columns)s ON sop_order_fact FOR EACH ROW
                WHEN ((%(old)s) IS DISTINCT FROM (%(new)s)) EXECUTE FUNCTION %(name)s();
            """,
            name=NOTE,
            columns=SQL(", ").join(columns),
            old=SQL(", ").join(SQL("OLD.%s", column) for column in columns),
            new=SQL(", ").join(SQL("NEW.%s", column) for column in columns),
        )
    )


def remove_note(cr):
    """Take away what :func:`install_note` has made."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", NOTE))
