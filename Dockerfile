# One image for the service and its extra workers, for amd64 and arm64: what is in it is JavaScript, data, and Node from the base.
#   docker buildx build --platform linux/amd64,linux/arm64 -t offprint .
# DATABASE_URL names the database: the embedded one is left out. deploy/walk-image.sh takes the same steps without Docker.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN sh deploy/lay-out-image.sh /image

FROM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ENV NODE_ENV=production DATA_DIR=/app/data
WORKDIR /app
# Root's, so that the service cannot change itself; only /app/data is its own.
COPY --from=build /image /app
RUN install -d -o 1000 -g 1000 /app/data && ln -s /app/dist/cli.js /usr/local/bin/offprint
USER 1000:1000
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["node", "dist/cli.js", "health"]
CMD ["node", "dist/cli.js", "serve"]
