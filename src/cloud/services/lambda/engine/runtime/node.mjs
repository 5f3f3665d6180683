/**
 * Runs a Node function in a process of its own. It is no sandbox: the function can do what the user can do.
 *
 * Invocations come in on file descriptor 3, answers and console output go out on 4. The first line in is a word that
 * begins every frame out, after an end of line, so that what the function writes there itself is told apart. A frame is a
 * line of JSON with the length of the bytes behind it: {"id","deadline","arn","clientContext","length"} in;
 * {"type":"ready"|"log"|"result"|"error"|"fatal"|"init-error","id","length"} out; after the last two the process ends.
 */
import { existsSync, readFileSync, readSync, writeSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { Socket } from 'node:net'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatWithOptions } from 'node:util'

const { LAMBDA_TASK_ROOT: root, _HANDLER: handlerName } = process.env
/** The folder that the cloud was started in. */
const startedIn = process.argv[2]
const IN = 3
const OUT = 4
const word = readWord()
let currentId = 'undefined'

function readWord() {
  const byte = Buffer.alloc(1)
  let line = ''
  while (readSync(IN, byte) && byte[0] !== 10) line += byte.toString()
  return line
}

function send(header, body = '') {
  const bytes = Buffer.from(body)
  const frame = Buffer.concat([
    Buffer.from(`\n${word}${JSON.stringify({ ...header, length: bytes.length })}\n`),
    bytes,
  ])
  for (let at = 0; at < frame.length; ) at += writeSync(OUT, frame, at)
}

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
const { AWS_LAMBDA_LOG_FORMAT: format, AWS_LAMBDA_LOG_LEVEL: lowest = 'TRACE' } = process.env
const isJson = format === 'JSON'

/** `fields` are what the JSON format has beside the time, the level and the request. */
function log(level, text, fields = { message: text }) {
  if (!isJson) return send({ type: 'log' }, `${new Date().toISOString()}\t${currentId}\t${level}\t${text}`)
  if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return
  const known = { timestamp: new Date().toISOString(), level, requestId: currentId }
  send({ type: 'log' }, asJson({ ...known, ...fields }) ?? JSON.stringify({ ...known, message: text }))
}

function asJson(value) {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

const ofError = ({ name, message, stack = '' }) => ({
  errorType: name,
  errorMessage: message,
  stackTrace: stack.split('\n'),
})

/** AWS: a single value stands as it is; of several the first error is told beside their text (`nodejs-logging.md`). */
function fieldsOf(values, text) {
  const error = values.find((one) => one instanceof Error)
  if (values.length === 1) return { message: error ? ofError(error) : (values[0] ?? text) }
  return { message: text, ...(error ? ofError(error) : {}) }
}

function patchConsole() {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' }
  for (const [method, level] of Object.entries(levels))
    console[method] = (...values) => {
      const text = formatWithOptions({}, ...values)
      if (method !== 'trace') return log(level, text, fieldsOf(values, text))
      log(level, `Trace: ${text}\n${new Error().stack.split('\n').slice(2).join('\n')}`)
    }
}

class RuntimeError extends Error {
  constructor(type, message) {
    super(message)
    this.name = type
  }
}

/** AWS: the runtime has the SDK. Here it is the user's, who is told how to get it. */
function messageOf(error) {
  if (!['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error.code)) return error.message
  const [, name] =
    /^Cannot find (?:module|package) '((?:@aws-sdk|@smithy)\/[^'/]+|aws-sdk(?=['/]))/.exec(error.message) ??
    []
  if (!name || (name === 'aws-sdk' && process.env.AWS_EXECUTION_ENV !== 'AWS_Lambda_nodejs16.x'))
    return error.message
  const line = `npm install ${name}`
  return `${error.message}\nOn AWS the runtime has it; the embedded cloud takes it from ${startedIn}. To have it there: ${line}`
}

const describe = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: messageOf(error), trace: String(error.stack).split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] }

function packageType(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type
    if (folder === root || folder === dirname(folder)) return undefined
  }
}

/**
 * AWS: from Node 18 on, modules are found by NODE_PATH as well, which has the packages of layers. Node itself looks there
 * for `require` alone.
 */
function findInLayers() {
  const { NODE_PATH = '' } = process.env
  const packages = NODE_PATH.split(delimiter).filter(
    (one) => basename(one) === 'node_modules' && existsSync(one),
  )
  if (packages.length)
    register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { data: packages.map(importer) })
}

/** A module that would find the packages of a folder beside itself. */
const importer = (folder) => pathToFileURL(join(dirname(folder), 'importer.mjs')).href

const HOOK = `
let importers = []
export const initialize = (data) => { importers = data }
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context)
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || /^[./]|^\\w+:/.test(specifier)) throw error
    for (const parentURL of importers)
      try {
        return await next(specifier, { ...context, parentURL })
      } catch {}
    throw error
  }
}`

async function load(path) {
  const file = ['', '.js', '.mjs', '.cjs']
    .map((extension) => path + extension)
    .find((one) => existsSync(one) && one !== root)
  if (!file)
    throw new RuntimeError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${path.slice(root.length + 1)}'`,
    )
  const isModule = file.endsWith('.mjs') || (file.endsWith('.js') && packageType(file) === 'module')
  try {
    return isModule ? await import(pathToFileURL(file).href) : createRequire(file)(file)
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error))
    if (['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code))
      throw new RuntimeError('Runtime.ImportModuleError', `Error: ${messageOf(error)}`)
    throw error
  }
}

async function loadHandler() {
  const slash = handlerName.lastIndexOf('/') + 1
  const dot = handlerName.indexOf('.', slash)
  if (dot < 0 || handlerName.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler')
  findInLayers()
  const module = await load(resolve(root, handlerName.slice(0, dot)))
  const names = handlerName.slice(dot + 1).split('.')
  const pick = (from) => names.reduce((value, name) => value?.[name], from)
  const found = pick(module) ?? pick(module.default)
  if (typeof found !== 'function')
    throw new RuntimeError('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`)
  return found
}

/** AWS: `done`, `succeed` and `fail` end the invocation at once, whatever is left in the event loop; the callback waits. */
function makeContext(request, end) {
  const { AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_VERSION, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } =
    process.env
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: request.arn,
    awsRequestId: request.id,
    clientContext: request.clientContext,
    identity: undefined,
    getRemainingTimeInMillis: () => Math.max(0, request.deadline - Date.now()),
    succeed: (value) => end(null, value ?? null),
    fail: (error) => end(error ?? new Error('context.fail')),
    done: (error, value) => end(error, value ?? null),
  }
}

/** One invocation: settled by a promise, a callback, or by nothing being left to wait for. */
function run(handler, request, payload, done) {
  let finished = false
  let outcome
  const finish = (error, value) => {
    if (finished) return
    finished = true
    process.removeListener('beforeExit', whenIdle)
    report(request, error, value)
    done()
  }
  const whenIdle = () => finish(outcome?.error, outcome?.value ?? null)
  process.once('beforeExit', whenIdle)
  const settle = (error, value) => {
    outcome ??= { error, value }
    if (error || !context.callbackWaitsForEmptyEventLoop) finish(error, value)
  }
  const context = makeContext(request, finish)
  try {
    const result = handler(JSON.parse(payload), context, settle)
    if (typeof result?.then === 'function')
      result.then(
        (value) => finish(undefined, value),
        (error) => finish(error ?? new Error(String(error))),
      )
  } catch (error) {
    finish(error ?? new Error(String(error)))
  }
}

/** AWS: what a function fails of is told as an error of its own. */
const logError = (prefix, { errorType, errorMessage, trace }, shown = { errorType, errorMessage, trace }) =>
  log('ERROR', `${prefix}${JSON.stringify(shown)}`, {
    message: { errorType, errorMessage, stackTrace: trace },
  })

function report(request, error, value) {
  const memory = Math.ceil(process.memoryUsage.rss() / 1048576)
  const header = { id: request.id, memory }
  if (error === undefined || error === null) {
    try {
      return send({ ...header, type: 'result' }, JSON.stringify(value) ?? 'null')
    } catch (problem) {
      error = new RuntimeError('Runtime.MarshalError', `Unable to marshal response: ${problem.message}`)
    }
  }
  const described = describe(error)
  logError('Invoke Error \t', described, { ...described, stack: described.trace, trace: undefined })
  send({ ...header, type: 'error' }, JSON.stringify(described))
}

/** AWS: an error that nobody caught ends the process; the next invocation gets a new one. */
function dieOfUncaught() {
  const die = (error, level) => {
    logError(`${level}\t`, describe(error))
    send({ type: 'fatal', id: currentId }, JSON.stringify(describe(error)))
    process.exit(level === 'Uncaught Exception' ? 129 : 128)
  }
  process.on('uncaughtException', (error) => die(error, 'Uncaught Exception'))
  process.on('unhandledRejection', (reason) => {
    const error = new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason))
    if (reason instanceof Error) error.stack = reason.stack
    die(error, 'Unhandled Promise Rejection')
  })
}

function listen(handler) {
  const socket = new Socket({ fd: IN, readable: true, writable: false })
  let received = Buffer.alloc(0)
  let busy = false
  const next = () => {
    const end = received.indexOf(10)
    if (busy || end < 0) return
    const request = JSON.parse(received.toString('utf8', 0, end))
    const start = end + 1
    if (received.length < start + request.length) return
    const payload = received.toString('utf8', start, start + request.length)
    received = received.subarray(start + request.length)
    busy = true
    currentId = request.id
    socket.unref()
    run(handler, request, payload || '{}', () => {
      busy = false
      socket.ref()
      next()
    })
  }
  socket.on('data', (chunk) => {
    received = received.length ? Buffer.concat([received, chunk]) : chunk
    next()
  })
  socket.on('close', () => process.exit(0))
}

patchConsole()
try {
  const handler = await loadHandler()
  dieOfUncaught()
  send({ type: 'ready' })
  listen(handler)
} catch (error) {
  const described = describe(error)
  logError('Uncaught Exception\t', described)
  send({ type: 'init-error' }, JSON.stringify(described))
  process.exit(1)
}
