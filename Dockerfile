# The headless orchestrator with the control center's page.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM packages AS page
COPY tsconfig.base.json ./
COPY protocol ./protocol
COPY renderer ./renderer
RUN node node_modules/vite/bin/vite.js build -c renderer/vite.config.ts

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ca-certificates git ripgrep socat \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund && npm cache clean --force
COPY agent-host ./agent-host
COPY main ./main
COPY protocol ./protocol
COPY resources ./resources
COPY --from=page /app/out ./out
RUN install -d -o node -g node -m 700 /data \
 && printf '#!/bin/sh\nexec node --disable-warning=ExperimentalWarning /app/main/cli/main.ts "$@"\n' >/usr/local/bin/aios \
 && chmod 755 /usr/local/bin/aios resources/docker/serve
USER node
ENV AIOS_HOME=/data AIOS_PORT=4600
VOLUME /data
EXPOSE 4600
ENTRYPOINT ["/app/resources/docker/serve"]
