"""Full-text search over titles and texts, filled from the articles that are there."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE VIRTUAL TABLE article_words USING fts5("
    "title, text, content='article', content_rowid='number', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER article_words_insert AFTER INSERT ON article BEGIN "
    "INSERT INTO article_words(rowid, title, text) VALUES (new.number, new.title, new.text); END",
    "CREATE TRIGGER article_words_delete AFTER DELETE ON article BEGIN "
    "INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text); END",
    "CREATE TRIGGER article_words_update AFTER UPDATE OF title, text ON article BEGIN "
    "INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text); "
    "INSERT INTO article_words(rowid, title, text) VALUES (new.number, new.title, new.text); END",
    "INSERT INTO article_words(article_words) VALUES ('rebuild')",
)


def upgrade() -> None:
    for statement in _SQLITE:
        op.get_bind().exec_driver_sql(statement)
