/** What is being read from live accounts: what was found, what is not there, what could not be read and why. */
import type { Accounts, ClientClass } from '../../../aws/index.ts'
import type { KeyGrant } from '../../../iam/index.ts'
import {
  type Arn,
  FleetError,
  type PolicyDocument,
  type PolicyRef,
  type Target,
} from '../../../model/index.ts'
import type { Finding } from '../finding.ts'
import { locatedPolicy } from '../gathering.ts'
import type {
  KnownBucket,
  KnownConnection,
  KnownKey,
  KnownProject,
  KnownRole,
  KnownService,
  KnownStart,
  KnownTaskRoles,
  KnownTrail,
  Landscape,
} from '../landscape.ts'
import type { LocatedPolicy } from '../located-policy.ts'
import type { KnownOrganization } from '../organization.ts'
import type { Origin } from '../placed-template.ts'
import { StandIns } from '../stand-ins.ts'
import { isAbsence, reasonOf } from './aws-answers.ts'

/** Something that has a say, or may have, and that could not be read. */
export interface Unread extends Target {
  /** `the bucket policy of arn:…`, in words. */
  readonly what: string
  /** What the policy is about, where it has an ARN. */
  readonly arn?: Arn
  /** AWS's answer, or what keeps Crossdock from asking. */
  readonly why: string
}

/** The way into accounts: `Accounts`, or a test's stand-in. */
export type Reach = Pick<Accounts, 'client' | 'verify'>

/** What AWS answered to one question. */
export type Answer<T> = { readonly found: T } | { readonly absent: true } | { readonly why: string }

export interface Question {
  /** What is asked for, in words. */
  readonly what: string
  readonly arn?: Arn
  readonly target: Target
}

/** Collects a landscape from live accounts. Everything is asked for once. */
export class Reading {
  readonly home: Target
  readonly roles = new Map<Arn, KnownRole>()
  readonly buckets = new Map<string, KnownBucket>()
  readonly keys = new Map<Arn, KnownKey & { grants: readonly KeyGrant[] }>()
  readonly aliases = new Map<Arn, Arn>()
  readonly projects = new Map<Arn, KnownProject>()
  readonly functions = new Map<Arn, Arn>()
  readonly resourcePolicies = new Map<Arn, LocatedPolicy>()
  /** Resources that were read and have no policy. */
  readonly withoutPolicy = new Map<Arn, Origin>()
  readonly topicKeys = new Map<Arn, string>()
  readonly standIns = new StandIns()
  readonly starts: KnownStart[] = []
  readonly connections: KnownConnection[] = []
  readonly taskRoles: KnownTaskRoles[] = []
  readonly services: KnownService[] = []
  /** Absent where none was asked for, or one could not be read. */
  trails: readonly KnownTrail[] | undefined
  organization: KnownOrganization | undefined
  readonly absent = new Set<Arn>()
  readonly unread: Unread[] = []
  readonly findings: Finding[] = []
  readonly notes: string[] = []
  readonly #reach: Reach
  readonly #asked = new Map<string, Promise<unknown>>()

  constructor(reach: Reach, home: Target) {
    this.#reach = reach
    this.home = home
  }

  client<C>(clientClass: ClientClass<C>, target: Target): Promise<C> {
    return this.#reach.client(clientClass, target)
  }

  /** Does something once per key; later callers wait for the first. */
  once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(key) as Promise<T> | undefined
    if (known) return known
    const started = read()
    this.#asked.set(key, started)
    return started
  }

  /** Asks AWS; what it may not answer is kept among the unread. */
  async ask<T>(question: Question, call: () => Promise<T>): Promise<Answer<T>> {
    const answer = await this.attempt(question.target, call)
    if ('why' in answer) this.cannotRead(question, answer.why)
    return answer
  }

  /** Asks AWS, where another way may be left to find out. */
  async attempt<T>(target: Target, call: () => Promise<T>): Promise<Answer<T>> {
    const closed = await this.#closed(target)
    if (closed) return { why: closed }
    try {
      return { found: await call() }
    } catch (error) {
      return isAbsence(error) ? { absent: true } : { why: reasonOf(error) }
    }
  }

  /** Whether an account's credentials are known and lead to it. */
  async reaches(target: Target): Promise<boolean> {
    return (await this.#closed(target)) === undefined
  }

  /** Says that something could not be read. */
  cannotRead({ what, arn, target: { account, region } }: Question, why: string): void {
    const known = this.unread.some(
      (one) => one.what === what && one.account === account && one.region === region,
    )
    if (!known) this.unread.push({ what, ...(arn && { arn }), account, region, why })
  }

  /** Compiles a policy; one that is none is noted. */
  policy(
    document: string | PolicyDocument | undefined,
    ref: PolicyRef,
    origin: Origin,
  ): LocatedPolicy | undefined {
    return locatedPolicy(document, ref, origin, this)
  }

  /** Gives what was read so far. */
  landscape(pipelines: Landscape['pipelines']): Landscape {
    const { unread } = this
    return {
      roles: this.roles,
      buckets: this.buckets,
      keys: this.keys,
      aliases: this.aliases,
      projects: this.projects,
      functions: this.functions,
      // The SDK client for CodeDeploy is not part of Crossdock.
      deploymentGroups: new Map(),
      resourcePolicies: this.resourcePolicies,
      withoutPolicy: this.withoutPolicy,
      topicKeys: this.topicKeys,
      standIns: this.standIns,
      starts: this.starts,
      trails: this.trails,
      connections: this.connections,
      taskRoles: this.taskRoles,
      services: this.services,
      organization: this.organization,
      pipelines,
      notes: this.notes,
      absent: this.absent,
      unread: new Map(unread.flatMap(({ arn, why }) => (arn ? [[arn, why] as const] : []))),
      templates: [],
    }
  }

  /** Why nothing of an account can be read; undefined where its credentials work and lead to it. */
  #closed(target: Target): Promise<string | undefined> {
    return this.once(`account ${target.account}`, async () => {
      try {
        await this.#reach.verify(target)
        return undefined
      } catch (error) {
        if (error instanceof FleetError) return error.fix ? `${error.message}; ${error.fix}` : error.message
        throw error
      }
    })
  }
}
