/** What CodeBuild keeps: projects and builds. */
import type { Build, Project } from '@aws-sdk/client-codebuild'
import { collection } from '../../store.ts'

export type StoredProject = Project & {
  readonly name: string
  readonly arn: string
  readonly buildCount: number
}

export type StoredBuild = Build & {
  readonly id: string
  readonly arn: string
  readonly projectName: string
  readonly buildspec?: string
}

export const projects = collection<StoredProject>('codebuild.projects')
export const builds = collection<StoredBuild>('codebuild.builds')
