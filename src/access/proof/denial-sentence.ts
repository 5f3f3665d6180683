/** AWS's sentences of denial, read back: who may not do what on what. */
import { type Arn, entryOf, formatArn, parseArn, principalName } from '../../model/index.ts'

/** What a message of AWS tells of a denied call; parts that it leaves out stay open. */
export interface ToldDenial {
  /** A role's ARN, with the path left out where only a session was named; or a service. */
  readonly principal?: string
  /** `service:Action`. */
  readonly action?: string
  readonly resource?: Arn
  /** The sentence itself. */
  readonly message: string
}

interface Wording {
  readonly pattern: RegExp
  /** The action where the message does not tell it. */
  readonly action?: string
}

const WORDINGS: readonly Wording[] = [
  // IAM's own sentence, as most services hand it on.
  {
    pattern:
      /(?:User: )?(?<principal>[\w.-]+\.amazonaws\.com|arn:[\w-]+:(?:sts|iam)::\d{12}:[^\s"]+) is not authorized to perform:? (?<action>[a-z0-9-]+:[A-Za-z]+) on (?:the )?(?:resource|role|service role)s?:? ?"?(?<resource>arn:[^\s"]+|\*)?/g,
  },
  // CodePipeline when a pipeline is written or run.
  {
    pattern:
      /(?<principal>CodePipeline|arn:[\w-]+:iam::\d{12}:role\/[^\s"]+) is not authorized to perform AssumeRole on role "?(?<resource>arn:[^\s"]+)/g,
    action: 'sts:AssumeRole',
  },
  // CodeBuild when a build starts.
  {
    pattern:
      /(?<principal>CodeBuild) is not authorized to perform: (?<action>sts:AssumeRole) on service role "?(?<resource>arn:[^\s"]+)/g,
  },
  // CloudFormation and Lambda, which do not tell why.
  {
    pattern:
      /[Rr]ole "?(?<resource>arn:[\w-]+:iam::\d{12}:role\/[^\s"]+?)"? is invalid or cannot be assumed/g,
    action: 'sts:AssumeRole',
  },
  // CodeBuild when it fetches the artifact.
  {
    pattern: /Access ?Denied.* for primary source and source version (?<resource>arn:[\w-]+:s3:::[^\s"]+)/g,
    action: 's3:GetObject',
  },
  // CodePipeline when S3 refuses a source or an artifact.
  {
    pattern:
      /permissions required to access the Amazon S3 bucket named (?<bucket>[a-z0-9][a-z0-9.-]+[a-z0-9])/g,
  },
]

const SERVICES: Readonly<Record<string, string>> = {
  CodePipeline: 'codepipeline.amazonaws.com',
  CodeBuild: 'codebuild.amazonaws.com',
}

/** Gives the denials that a message tells of, each once. */
export function denialsIn(message: string): ToldDenial[] {
  const found = new Map<string, ToldDenial>()
  for (const { pattern, action: usual } of WORDINGS)
    for (const { 0: sentence, groups = {} } of message.matchAll(pattern)) {
      const principal = groups.principal && principalOf(groups.principal)
      const action = groups.action ?? usual
      const resource = groups.bucket
        ? formatArn('s3', '', '', groups.bucket)
        : groups.resource?.replace(/[.,;]$/, '')
      const key = `${principal} ${action} ${resource}`
      if (found.has(key)) continue
      found.set(key, {
        ...(principal && { principal }),
        ...(action && { action }),
        ...(resource && { resource }),
        message: sentence,
      })
    }
  return [...found.values()]
}

/** AWS: a session's ARN drops the role's path. */
function principalOf(text: string): string {
  const [, partition, account, name] = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)/.exec(text) ?? []
  if (partition && account && name) return `arn:${partition}:iam::${account}:role/${name}`
  return entryOf(SERVICES, text) ?? text
}

/** Whether two principals are the same role, whatever their paths. */
export function isSamePrincipal(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [parseArn(one), parseArn(other)]
  return Boolean(a && b) && a!.account === b!.account && principalName(one) === principalName(other)
}
