# One image for the service and its extra workers. DATABASE_URL names the database: the embedded one is optional, and left out.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app/package.json /app/package-lock.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
COPY --from=build --chown=node:node /app/prisma ./prisma
COPY --from=build --chown=node:node /app/seeds ./seeds
COPY --from=build --chown=node:node /app/templates ./templates
RUN mkdir -p /app/data && chown node:node /app/data && ln -s /app/dist/cli.js /usr/local/bin/offprint
USER node
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "dist/cli.js", "health"]
CMD ["node", "--enable-source-maps", "dist/cli.js", "serve"]
