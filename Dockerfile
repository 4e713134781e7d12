# Build with the Swift toolchain, run on a bare Debian: the program carries Swift's own library.
FROM swift:6.2-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
        libsqlite3-dev libssl-dev zlib1g-dev libargon2-dev libcurl4-openssl-dev libmimalloc-dev \
        pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY bin/release bin/release
RUN bin/release && strip .build/release/kith

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
        libsqlite3-0 libssl3 zlib1g libargon2-1 libcurl4 libmimalloc2.0 libstdc++6 ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/kith kith
COPY --from=build /src/.build/release/kith /usr/bin/kith
COPY Templates /usr/share/kith/Templates
COPY Public /usr/share/kith/Public
COPY Migrations /usr/share/kith/Migrations
COPY Config /usr/share/kith/Config
USER kith
VOLUME /var/lib/kith
ENV KITH_DATA=/var/lib/kith KITH_HOME=/usr/share/kith KITH_ADDRESS=0.0.0.0 KITH_PORT=8080
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/kith"]
CMD ["serve"]
