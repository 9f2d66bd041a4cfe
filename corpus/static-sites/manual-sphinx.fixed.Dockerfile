FROM --platform=$BUILDPLATFORM python:3.12-slim AS manual
RUN apt-get update \
 && apt-get install -y --no-install-recommends graphviz make \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /manual
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY source source
RUN sphinx-build -W -b html source build/html \
 && sphinx-build -b linkcheck source build/linkcheck

FROM scratch AS pages
COPY --from=manual /manual/build/html /

FROM httpd:2.4-alpine
COPY --from=pages / /usr/local/apache2/htdocs/
