# The serving image: no torch, no training code, no corpus. Annotations and trained models are in the
# volume /app/var, or where DEMARCHE_ANNOTATIONS and DEMARCHE_MODELS say.
# Build: docker build -t demarche .
# Run: docker run -p 127.0.0.1:8000:8000 -e DEMARCHE_INSECURE=true demarche
# or with keys, see deploy/compose.yaml.
FROM python:3.11-slim

RUN useradd --system --uid 10001 demarche
WORKDIR /app
COPY pyproject.toml constraints.txt ./
RUN pip install --no-cache-dir -c constraints.txt --upgrade pip \
    && pip install --no-cache-dir -c constraints.txt --group serve
COPY model/ model/
COPY data/ data/
COPY serve/ serve/
RUN mkdir var && chown demarche var

USER demarche
VOLUME /app/var
ENV DEMARCHE_HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["python", "-m", "serve", "http"]
