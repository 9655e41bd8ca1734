FROM python:3.13-slim

# For names on rank cards: scripts whose letters join, every Chinese character, and emoji in colour.
RUN apt-get update && apt-get install -y --no-install-recommends libfribidi0 fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home hearth
WORKDIR /home/hearth/app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY main.py ./
COPY operations operations
COPY cogs cogs
COPY utils utils
COPY database database
COPY migrations migrations
COPY locales locales
COPY resources resources
# What must outlive the container: mount a volume here.
RUN mkdir data && chown hearth data
VOLUME /home/hearth/app/data
USER hearth
# SIGTERM is a clean stop: running commands get up to ten seconds.
STOPSIGNAL SIGTERM
CMD ["python", "main.py"]
