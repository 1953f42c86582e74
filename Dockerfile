# karmada-eks with Node.js and the four programs that it runs, built in a clone: docker build -t karmada-eks .
ARG NODE_VERSION=22.23.3

FROM node:${NODE_VERSION}-bookworm-slim AS package
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY scripts/ scripts/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN mkdir /packed && npm pack --pack-destination /packed && mv /packed/*.tgz /packed/karmada-eks.tgz

FROM node:${NODE_VERSION}-bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends awscli=2.9.19-1 ca-certificates=2025* tini=0.19.0-1* \
 && rm -rf /var/lib/apt/lists/*
COPY --from=package /packed/karmada-eks.tgz /tmp/karmada-eks.tgz
RUN npm install --global --ignore-scripts --no-audit --no-fund /tmp/karmada-eks.tgz \
 && rm -rf /tmp/karmada-eks.tgz /root/.npm
# Each is compared with checksums of its publisher and of karmada-eks itself.
RUN KARMADA_EKS_HOME=/tmp/tools karmada-eks tools install --into /usr/local/bin \
    --eksctl-version 0.230.0 --kubectl-version 1.35.0 --kubectl-karmada-version 1.18.2 \
 && rm -rf /tmp/tools
# The user `node` of the image; by its number, Kubernetes can see that it is not root.
USER 1000
# A volume that is mounted here belongs to the user then.
RUN mkdir --parents /home/node/.kube /home/node/.local/share/karmada-eks \
 && chmod 700 /home/node/.kube /home/node/.local/share/karmada-eks
WORKDIR /home/node
ENTRYPOINT ["tini", "--", "karmada-eks"]
CMD ["--help"]
