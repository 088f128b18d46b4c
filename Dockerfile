# One image for both processes: `nightsafe api` and `nightsafe runner`.
FROM node:24-bookworm-slim AS build
# better-sqlite3 is compiled where no prebuilt binary can be had.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
COPY test ./test
COPY web ./web
RUN npm run build && rm -rf dist/test && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 NIGHTSAFE_HOME=/var/lib/nightsafe
# Code of workflows runs inside of bubblewrap where the container may make user namespaces.
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
COPY policies ./policies
RUN install -d -o node -g node -m 0700 /var/lib/nightsafe
USER node
EXPOSE 4000 4001
ENTRYPOINT ["node", "bin/nightsafe.js"]
CMD ["api"]
