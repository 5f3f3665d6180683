/** What every kind of source is: its schema in the fleet file and its expansion into a source action. */
import type * as z from 'zod/mini'
import type { ActionDeclaration, Arn, Target } from '../../model/index.ts'
import type { TextScope } from '../text.ts'
import type { WriterFile } from './writers-schema.ts'

/** AWS: provider types of a connection that a hub can hold without a host of its own. */
export type ConnectionProvider = 'GitHub' | 'GitLab' | 'Bitbucket'

export interface SourceScope extends TextScope {
  /** The fleet's name of the source. */
  readonly source: string
  readonly action: string
  /** Namespace of its variables. AWS: it must not be the name of an artifact. */
  readonly namespace: string
  /** Name of the artifact that the action puts out. */
  readonly output: string
  /** Whether its changes start the pipeline. */
  readonly starts: boolean
  readonly hub: Target
  /** The account of another that has what is fetched, and the role that the pipeline acts as there. */
  readonly owner?: { readonly account: string; readonly role: Arn }
  /** Connections that exist already. */
  readonly existingConnections: Partial<Record<ConnectionProvider, Arn>>
  /** Name of the bucket that Crossdock makes for what is dropped into it. */
  readonly dropBucket: string
  /** Gives the ARN of the connection that Crossdock makes for a provider. */
  connectionArn(provider: ConnectionProvider): Arn
}

/** A repository behind a connection. */
export interface ConnectedRepository {
  readonly provider: ConnectionProvider
  /** `owner/name` */
  readonly path: string
  readonly branch: string
  readonly paths?: readonly string[]
  /** ARN of a connection that the source names. */
  readonly connection?: Arn
}

/** An object that others put into the bucket that Crossdock makes. */
export interface Drop {
  readonly key: string
  readonly writers: readonly WriterFile[]
}

/** AWS lists the branches of its own repositories; of those behind a connection it lists none. */
export type BranchLister = 'aws' | 'git'

export interface SourceExpansion {
  readonly action: ActionDeclaration
  /** A trigger of the pipeline, where the action alone cannot say which commits start it. */
  readonly trigger?: unknown
  /** An EventBridge pattern whose events start the pipeline, where the provider does not do so itself. */
  readonly startedBy?: Readonly<Record<string, unknown>>
  /** The connection that the hub must hold for it, unless the fleet names one. */
  readonly connection?: ConnectionProvider
  /** What is dropped for it, where that is not into a bucket that exists. */
  readonly drop?: Drop
}

export interface SourceKind<Schema extends z.ZodMiniObject = z.ZodMiniObject> {
  /** The key that tells this kind from the others. */
  readonly key: string
  readonly schema: Schema
  /** Who lists the branches of its repository; absent where it has none. */
  readonly branches?: BranchLister
  /** Whether its artifact tells of an image and holds nothing else. AWS: imageDetail.json of an ECR source. */
  readonly givesImage?: true
  /** Empty where the source knows no branches. */
  branch(source: z.output<Schema>): string
  /** The repository behind a connection; absent for a kind that is none. */
  repository?(source: z.output<Schema>): ConnectedRepository
  /** The environment whose account has what is fetched; undefined for the hub. */
  environment?(source: z.output<Schema>): string | undefined
  expand(source: z.output<Schema>, scope: SourceScope): SourceExpansion
}

/** Names a source kind so that its schema types its expansion. */
export const sourceKind = <Schema extends z.ZodMiniObject>(kind: SourceKind<Schema>): SourceKind<Schema> =>
  kind
