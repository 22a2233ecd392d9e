# The registry, to run on a MongoDB replica set that MONGODB_URI names (see compose.yaml).
# A sandbox takes loopback addresses only: run it with the host's network.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package's install script is run: they would only fetch another Node, which the image has.
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-bookworm-slim AS builder
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY scripts ./scripts
COPY src ./src
COPY profiles ./profiles
RUN node scripts/build.ts

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/data \
    CACHE_DIR=/data/cache
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE NOTICE capability-statement.json ./
COPY bin ./bin
COPY profiles ./profiles
COPY src ./src
COPY --from=builder /app/build ./build
# Keys of secrets lie here, and no other user may read them.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "bin/fhir-iis.js", "start"]
