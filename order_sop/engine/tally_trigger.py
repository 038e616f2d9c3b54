"""The triggers by which the database takes back what a row was counted for. See ``tally_sources``."""

from odoo.tools import SQL


def install_trigger(cr, source):
    """Have the database take back what a counted row of ``source`` was counted for as it is changed or deleted."""
    name = _trigger_name(source)
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
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", _trigger_name(source)))


def _trigger_name(source):
    return SQL.identifier(f"order_sop_{source.table}_uncount")
