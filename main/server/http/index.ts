/** The HTTP server: page, RPC over WebSocket, OpenAPI and MCP, on loopback, never without a token. */
export { createHttpServer, type HttpServer, type HttpServerParts, serveBehind } from './server.ts';
export { readServerFile, type ServerFile, serverFileOf } from './server-file.ts';
