/** Says hello, and where from. */
import { createServer } from 'node:http'

const { REGION = 'nowhere', PORT = '8080' } = process.env

createServer((_request, response) => response.end(`Hello from ${REGION}\n`)).listen(Number(PORT))
