export * from "./gen/all.js";
export * from "./gen/service_config.js";
export * from "./lost_connections.js";
export * from "./retries.js";
export * from "./status_name.js";
