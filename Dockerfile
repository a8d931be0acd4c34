# docker build -t smtp-lsp .
# docker run --rm --network none -v "$PWD:/data:ro" smtp-lsp check .
ARG PYTHON=3.13-slim

FROM python:${PYTHON} AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY smtp_lsp smtp_lsp
# Without pip inside, which is as large as all the rest.
RUN python -m venv --without-pip /opt/smtp-lsp \
    && pip --python /opt/smtp-lsp/bin/python install --no-cache-dir .

FROM python:${PYTHON}
COPY --from=build /opt/smtp-lsp /opt/smtp-lsp
ENV PATH=/opt/smtp-lsp/bin:$PATH
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["smtp-lsp"]
CMD ["--help"]
