# One image for every program of the table in bin/house/programs.py; docker-compose.yml says which runs.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app/bin
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN python -c "from pathlib import Path; from house.messages import compile_all; compile_all(Path('locale'))" \
 && useradd --system --home /var/lib/circunflejo --create-home circunflejo \
 && install -d -o circunflejo -g circunflejo /var/lib/circunflejo/run /var/lib/circunflejo/log
USER circunflejo
