import { createServer } from 'node:http'

const GREETING = 'Hello from my thing'

createServer((_request, response) => response.end(`${GREETING}\n`)).listen(8080)
