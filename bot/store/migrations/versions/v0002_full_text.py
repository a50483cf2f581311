"""Full-text search over titles and texts, filled from the articles that are there."""

from alembic import op

from bot.store import fulltext

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
)
_POSTGRESQL = (
    "CREATE TABLE article_words (number BIGINT NOT NULL CONSTRAINT pk_article_words PRIMARY KEY "
    "CONSTRAINT fk_article_words_number_article REFERENCES article (number) ON DELETE CASCADE, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
    fulltext.rebuild(connection)  # by today's rules, since today's code will search in it
