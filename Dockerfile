# tallyd and tally on Debian 12. With a volume on /var/lib/tally it keeps its
# data in a Postgres of its own; with TALLYD_DATABASE it uses another one.
#
#   docker build -t tally .
#   docker run -p 127.0.0.1:7443:7443 -v tally:/var/lib/tally tally

FROM debian:12-slim AS build
WORKDIR /src
COPY deploy/packages deploy/packages
RUN deploy/packages run && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -D BUILD_TESTING=OFF && cmake --build --preset release --target tallyd tally

FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-common \
    && echo "create_main_cluster = false" >> /etc/postgresql-common/createcluster.conf \
    && apt-get install -y --no-install-recommends \
       libgrpc29 libprotobuf-c1 libpq5 libssl3 libjansson4 libfyaml0 zlib1g libzstd1 postgresql-15 \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres /var/lib/tally
COPY --from=build /src/build/release/bin/tallyd /src/build/release/bin/tally /src/deploy/ci/tally-gate /usr/local/bin/
USER postgres
VOLUME /var/lib/tally
EXPOSE 7443
STOPSIGNAL SIGTERM
# Plaintext on all of the container's addresses: publish the port to loopback or a private network only.
ENTRYPOINT ["tallyd", "--data-dir", "/var/lib/tally", "--insecure", "--listen", "0.0.0.0:7443"]
