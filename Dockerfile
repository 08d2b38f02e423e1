# syntax=docker/dockerfile:1
# One image for the server, the workers and every command. No key and no password is in it: they come from the environment.
#   docker build -t panelist .
#   docker run --rm panelist --help

FROM node:24-slim AS build
WORKDIR /src
COPY . .
RUN npm ci
RUN mkdir /packages && npm pack --workspace packages/toolkit --workspace packages/panelist --pack-destination /packages

FROM node:24-slim
ENV NODE_ENV=production
COPY --from=build /packages /packages
RUN mkdir /app && cd /app && npm init --yes >/dev/null \
  && npm install --omit=dev --no-audit --no-fund /packages/*.tgz \
  && npm cache clean --force && rm -r /packages \
  && mkdir /data && chown node:node /data
USER node
# Answer files, and a SQLite file where there is no PostgreSQL.
WORKDIR /data
VOLUME /data
# Node is process 1 and handles SIGTERM itself: what is in flight is finished, within --drain-seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/node_modules/panelist/bin/panelist.js"]
CMD ["--help"]
