/** `crossdock token`: a token as a CI job is given by its provider, for the roles of the embedded cloud that trust it. */
import { cloudSecret, embeddedEndpoint } from '../../aws/index.ts'
import { FleetError } from '../../model/index.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'

export const token: Command = {
  options: [
    {
      flags: '--issuer <address>',
      description: 'whose token it is: token.actions.githubusercontent.com, gitlab.com or another',
    },
    {
      flags: '--subject <text>',
      description: 'what its claim `sub` says: repo:acme/orders:ref:refs/heads/main for example',
    },
    { flags: '--audience <text>', description: 'what `aud` says', default: 'sts.amazonaws.com' },
    { flags: '--seconds <number>', description: 'how long it is good for (default: 600)' },
    {
      flags: '--endpoint <url>',
      description: 'the embedded cloud (default: AWS_ENDPOINT_URL, or http://127.0.0.1:4566)',
    },
  ],
  examples: [
    'token --issuer token.actions.githubusercontent.com --subject repo:acme/orders:ref:refs/heads/main',
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const made = await tokenOf(endpointIn(invocation), {
      issuer: `https://${textIn(invocation, 'issuer').replace(/^https:\/\//, '')}`,
      subject: textIn(invocation, 'subject'),
      audience: textIn(invocation, 'audience'),
      ...(options.seconds !== undefined && { seconds: Number(options.seconds) }),
    })
    terminal.print(options.json ? JSON.stringify({ token: made }, null, 2) : made)
    return 0
  },
}

function textIn({ options }: Invocation, name: string): string {
  const given = options[name]
  if (typeof given === 'string' && given) return given
  throw new UsageError(`token needs --${name}`)
}

/** Errors: UsageError for an address that is not this machine's: a real STS takes no such token. */
function endpointIn({ options }: Invocation): string {
  const given = options.endpoint ?? process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566'
  const endpoint = embeddedEndpoint({ AWS_ENDPOINT_URL: String(given) })
  if (endpoint) return endpoint
  throw new UsageError(`${given} is no embedded cloud: it runs on this machine`)
}

/** Errors: FleetError with what the cloud says. */
async function tokenOf(endpoint: string, asked: object): Promise<string> {
  // Any account's root user has the cloud's secret.
  const authorization = `Basic ${Buffer.from(`111111111111:${cloudSecret()}`).toString('base64')}`
  const answer = await fetch(new URL('/_sts/token', endpoint), {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(asked),
  }).catch(() => {
    throw new FleetError(`the embedded cloud does not answer at ${endpoint}`, {
      fix: 'start it with "crossdock cloud", or give its address with --endpoint',
    })
  })
  const { token: made, message } = (await answer.json()) as { token?: string; message?: string }
  if (made !== undefined) return made
  throw new FleetError(message ?? `it answers ${answer.status}`, {
    fix:
      answer.status === 401
        ? 'set CROSSDOCK_CLOUD_SECRET to the secret that the cloud was started with'
        : 'give what a token says as its issuer would',
  })
}
