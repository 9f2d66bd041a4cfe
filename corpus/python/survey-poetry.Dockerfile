# syntax=docker/dockerfile:1
ARG PYTHON_VERSION=3.12

FROM python:${PYTHON_VERSION}-slim AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

FROM python:${PYTHON_VERSION} AS requirements
WORKDIR /tmp
RUN pip install --no-cache-dir "poetry==1.8.5"
COPY pyproject.toml poetry.lock ./
RUN poetry export --format requirements.txt --output requirements.txt --only main

FROM python:${PYTHON_VERSION} AS wheels
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev gcc && rm -rf /var/lib/apt/lists/*
COPY --from=requirements /tmp/requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM base AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-index --no-cache-dir /wheels/*
WORKDIR /srv
COPY survey survey
RUN useradd --system survey
USER survey
CMD ["gunicorn", "survey.wsgi"]
