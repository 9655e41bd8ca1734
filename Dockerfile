# syntax=docker/dockerfile:1
# Two stages: what is needed to put the image together stays in the first.

FROM python:3.13-slim-trixie AS build
WORKDIR /build
# binutils: to strip libraries of what only debuggers read.
# The PostgreSQL programs are taken out of their package, which would bring Perl along.
RUN apt-get update && apt-get install -y --no-install-recommends binutils fonts-noto-cjk \
    && apt-get download postgresql-client-17 && dpkg-deb -x postgresql-client-17_*.deb /client \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.lock deploy/slim.sh ./
# The lock has the hash of each file: what was exchanged on its way is refused.
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r requirements.lock \
    && sh slim.sh /venv

FROM python:3.13-slim-trixie
# For names on rank cards: scripts whose letters join, every Chinese character, and emoji in colour.
# libpq5, libreadline8t64: for PostgreSQL's programs, with which backups are made.
RUN apt-get update && apt-get install -y --no-install-recommends libfribidi0 fonts-noto-color-emoji libpq5 \
    libreadline8t64 \
    && rm -rf /var/lib/apt/lists/* && useradd --uid 1000 --create-home hearth
COPY --from=build /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc /usr/share/fonts/opentype/noto/
COPY --from=build /client/usr/lib/postgresql/17/bin/pg_dump /client/usr/lib/postgresql/17/bin/pg_restore \
    /client/usr/lib/postgresql/17/bin/psql /usr/local/bin/
COPY --from=build /venv /venv
WORKDIR /home/hearth/app
COPY main.py ./
COPY migrations migrations
COPY resources resources
COPY locales locales
COPY database database
COPY operations operations
COPY utils utils
COPY cogs cogs
COPY deploy/healthcheck.py deploy/healthcheck.py
# What must outlive the container: mount a volume here. The cache of compiled code fills at the first start.
RUN mkdir data /var/cache/hearth && chown hearth:hearth data /var/cache/hearth
VOLUME /home/hearth/app/data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONPYCACHEPREFIX=/var/cache/hearth \
    LOG_FORMAT=json \
    METRICS_PORT=9464 \
    METRICS_HOST=0.0.0.0
USER 1000:1000
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 CMD ["python", "deploy/healthcheck.py"]
# SIGTERM is a clean stop: running commands get up to ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "main.py"]
