# One image for every program of Fanfare; the command picks which. `docker build -t fanfare .`
FROM node:26-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY gateway/package.json gateway/
COPY services/kit/package.json services/kit/
COPY services/saffron/package.json services/saffron/
COPY services/monsoon/package.json services/monsoon/
COPY services/banyan/package.json services/banyan/
COPY services/nilgiri/package.json services/nilgiri/
COPY services/lotus/package.json services/lotus/
# What packages bring along for their developers is 40 % of them; licences stay.
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type d \( -name test -o -name tests -o -name __tests__ -o -name benchmarks \) -prune -exec rm -r {} + \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.tsbuildinfo' \
    -o -name '*.md' ! -iname 'licen[cs]e*' ! -iname 'notice*' \) -delete

FROM dependencies AS load-dependencies
COPY load/package.json load/
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --omit=dev --ignore-scripts --no-audit --no-fund

# The load generator, for the profile of that name: `docker build --target load -t fanfare-load .`
FROM node:26-slim AS load
ENV NODE_ENV=production FANFARE_URL=http://balancer:8080
WORKDIR /app
COPY --from=load-dependencies /app .
COPY scripts/torture/chance.ts scripts/torture/
COPY tests/support/money.ts tests/support/
COPY gateway gateway
COPY services services
COPY load load
USER 1000:1000
ENTRYPOINT ["node", "load/main.ts"]

FROM node:26-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 FANFARE_DATA=/data NODE_OPTIONS=--import=/app/deploy/docker/stoppable.mjs
WORKDIR /app
COPY --from=dependencies /app .
COPY deploy/docker deploy/docker
COPY scripts/show-scenario.ts scripts/
COPY scenarios scenarios
COPY gateway gateway
COPY services services
# A new named volume takes its owner from here, so the program may write in it without being root.
RUN mkdir /data && chown node:node /data
VOLUME /data
# By number, so that Kubernetes can tell that it is not root: this is `node`.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "deploy/docker/healthy.mjs", "/health/live"]
CMD ["node", "gateway/src/main.ts"]
