# The app on port 8501, as a user without rights, with what it keeps in /home/latent/kept (mount a volume there).
#   docker build -t latent-explorer . && docker run -p 8501:8501 -v latent:/home/latent/kept latent-explorer
# On x86-64 pip's usual torch brings CUDA, several gigabytes of it: for the CPU build give the package index that
# pytorch.org's "Get Started" names for CPU, --build-arg TORCH_INDEX=…
FROM python:3.12-slim

ARG TORCH_INDEX=""
# Only a Dask worker or an app with LATENT_SCHEDULER needs it; it is small.
ARG DISTRIBUTED="distributed==2026.8.0"
RUN useradd --create-home --uid 1000 latent && mkdir -p /home/latent/kept && chown latent /home/latent/kept
WORKDIR /home/latent/app
COPY requirements.txt .
RUN grep -E "^torch(vision)?==" requirements.txt > /tmp/torch.txt \
 && pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -r /tmp/torch.txt \
 && pip install --no-cache-dir -r requirements.txt "$DISTRIBUTED"
COPY .streamlit .streamlit
COPY checkpoints checkpoints
COPY ae_core ae_core
COPY pages pages
COPY app.py LICENSE README.md ./
# By root, once: the user below cannot, and every worker would do it anew.
RUN python -m compileall -q app.py ae_core pages

USER latent
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/home/latent/app \
    LATENT_DATA=/home/latent/kept/data LATENT_RUNS=/home/latent/kept/runs
VOLUME /home/latent/kept
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
