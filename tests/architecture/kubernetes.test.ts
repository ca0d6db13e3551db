import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { settings } from '../../gateway/src/config.ts'
import { readCompose, readVariables, record } from '../support/compose-file.ts'
import { type Manifest, manifestFiles, manifestText, readKustomization, workloadsOf } from '../support/manifests.ts'
import { root, textOf } from './sources.ts'

/** The kinds that manifests may be of, with the published schema of each. */
const models = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  StatefulSet,
}

const names = airlines.map(({ airline }) => airline.name)
const overlays = ['overlays/demo', 'overlays/managed']
const demo = readKustomization('overlays/demo')
const managed = readKustomization('overlays/managed')
const all = [...demo.manifests, ...managed.manifests.filter(({ file }) => file.startsWith('overlays/managed/'))]
const workloads = workloadsOf(all)
const compose = readCompose()
const workload = (name: string) => {
  const found = workloads.find((one) => one.name === name)
  if (!found) throw new Error(`nothing runs ${name}`)
  return found
}
const of = (kind: string) => all.filter((manifest) => manifest.kind === kind)
const dataOf = (name: string) => {
  const found = of('ConfigMap').find((one) => one.name === name)
  return Object.fromEntries(Object.entries(record(found?.content.data)).map(([key, value]) => [key, String(value)]))
}
/** The entries of a secret, by the overlay that makes it; of `managed`, of the example that is to be copied. */
const secretOf = (overlay: string, name: string) => {
  const [file = ''] = [`${overlay}/${name}.env`, `${overlay}/${name}.env.example`].filter((one) =>
    manifestFiles().includes(one),
  )
  return readVariables(manifestText(file))
}

/** What is wrong with a manifest by the schema that Kubernetes publishes; null: nothing. */
function wrongBySchema({ kind, apiVersion, content }: Manifest): string | null {
  const Model = Object.values(models).find((model) => model.kind === kind && model.apiVersion === apiVersion)
  if (!Model) return `no such kind: ${apiVersion} ${kind}`
  try {
    new Model(JSON.parse(JSON.stringify(content))).validate()
    return null
  } catch (error) {
    return String(error)
  }
}

/** Fields that Kubernetes does not know, which the schemas let by: literals of the schemas' types may have none. */
function unknownFields(manifests: readonly Manifest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-manifests-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const lines = manifests.map(
      ({ kind, apiVersion, content }, index) =>
        `import type { I${kind} as T${index} } from 'kubernetes-models/${apiVersion}'\nexport const m${index}: T${index} = ${JSON.stringify(content)}`,
    )
    writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'))
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'esnext',
      '--types',
      '',
    ]
    execFileSync(join(root, 'node_modules/.bin/tsc'), [...options, 'manifests.ts'], { cwd: folder, encoding: 'utf8' })
    return ''
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('the manifests for Kubernetes', () => {
  it('are right by the schemas that Kubernetes publishes', () => {
    expect(all.length).toBeGreaterThan(20)
    const wrong = all.flatMap((manifest) => {
      const why = wrongBySchema(manifest)
      return why === null ? [] : [`${manifest.file} ${manifest.name}: ${why}`]
    })
    expect(wrong).toEqual([])
  })

  it('have no field that Kubernetes does not know', () => {
    expect(unknownFields(all)).toBe('')
    const [first] = of('Deployment')
    if (!first) throw new Error('no Deployment')
    const misspelt = { ...first, content: { ...first.content, specs: {} } }
    expect(unknownFields([misspelt])).toContain('specs')
    expect(wrongBySchema({ ...first, content: { ...first.content, spec: { replicas: 'two' } } })).toContain('replicas')
  })

  it('are all named by a kustomization, and each kustomization names files that there are', () => {
    const named = new Set([...demo.files, ...managed.files])
    const files = manifestFiles().map((file) => file.replace(/\.env\.example$/, '.env'))
    expect(files.filter((file) => !named.has(file) && !file.endsWith('.gitignore'))).toEqual([])
    expect([...named].filter((file) => !files.includes(file))).toEqual([])
  })

  it('have each object once', () => {
    for (const { manifests } of [demo, managed]) {
      const identities = manifests.map(({ kind, name }) => `${kind} ${name}`)
      expect(new Set(identities).size).toBe(identities.length)
    }
  })

  it('run what Compose runs: the same images and commands, every airline of the registry', () => {
    const always = [...compose].filter(([name, { profiles }]) => profiles.length === 0 && name !== 'balancer')
    expect(workloads.map(({ name }) => name).sort()).toEqual(always.map(([name]) => name).sort())
    for (const name of names) {
      expect(workload(name)).toMatchObject({ kind: 'StatefulSet', replicas: 1, image: 'fanfare', ports: [8080] })
      expect(workload(name).command).toEqual(compose.get(name)?.command)
    }
    expect(workload('gateway')).toMatchObject({
      image: 'fanfare',
      ports: [8080],
      command: ['node', 'gateway/src/main.ts'],
    })
    for (const name of ['redis', 'postgres']) expect(workload(name).image).toBe(compose.get(name)?.image)
    expect(workload('redis').command).toEqual(compose.get('redis')?.command)
    for (const { name, command } of workloads) {
      if (command[0] === 'node') expect([name, existsSync(join(root, command[1] ?? ''))]).toEqual([name, true])
    }
  })

  it('tell the gateway where every airline is, at a Service that leads to it', () => {
    const urls = names.map((name) => [`${name.toUpperCase()}_URL`, `http://${name}:8080`])
    expect(dataOf('gateway')).toMatchObject(Object.fromEntries(urls))
    for (const { name, ports } of workloads) {
      const service = record(of('Service').find((one) => one.name === name)?.content.spec)
      expect(service.selector).toEqual({ 'app.kubernetes.io/name': name })
      const [port] = Array.isArray(service.ports) ? service.ports.map(record) : []
      expect([name, port?.port]).toEqual([name, name === 'gateway' ? 80 : ports[0]])
    }
  })

  it('set only what the programs read, and give the gateway what Compose does', () => {
    const access = names.flatMap((name) => ['URL', 'KEY', 'SECRET'].map((what) => `${name.toUpperCase()}_${what}`))
    const known = new Set([...settings.keys(), ...access])
    for (const overlay of overlays) {
      const { POSTGRES_PASSWORD: _, ...stores } = secretOf(overlay, 'stores')
      const given = Object.keys({ ...dataOf('gateway'), ...stores, ...secretOf(overlay, 'sign-in') })
      expect(given.filter((name) => !known.has(name))).toEqual([])
      const wanted = [
        ...Object.keys(compose.get('gateway')?.environment ?? {}).filter((name) => name !== 'FANFARE_SIM_TOKEN'),
        ...Object.keys(readVariables(textOf('.env.example'))).filter((name) =>
          /_(KEY|SECRET)$|DATABASE_URL/.test(name),
        ),
      ]
      expect(wanted.filter((name) => !given.includes(name))).toEqual([])
    }
    expect(workload('gateway').envFrom.sort()).toEqual(['gateway', 'sign-in', 'stores'])
    const ofAirlines = ['FANFARE_SEED', 'FANFARE_PROFILE', 'LOG_LEVEL']
    expect(Object.keys(dataOf('world')).sort()).toEqual(ofAirlines.sort())
  })

  it('give each airline its own secrets alone, and each that is asked for is made', () => {
    const made = Object.keys(secretOf('overlays/demo', 'sign-in'))
    for (const name of names) {
      const { env, envFrom } = workload(name)
      expect(envFrom).toEqual(['world'])
      const prefix = `${name.toUpperCase()}_`
      const own = made.filter((variable) => variable.startsWith(prefix))
      expect(Object.keys(env).sort()).toEqual([...own, 'FANFARE_SIM_TOKEN'].sort())
    }
    for (const { name, env } of workloads) {
      for (const [variable, source] of Object.entries(env)) {
        if ('value' in source || source.optional) continue
        expect([name, variable, Object.keys(secretOf('overlays/demo', source.secret))]).toEqual([
          name,
          variable,
          expect.arrayContaining([source.key]),
        ])
      }
    }
  })

  it('have no secret in the managed overlay, and keep those that are filled in out of Git', () => {
    const example = Object.values(secretOf('overlays/managed', 'sign-in'))
    expect(example.every((value) => value === '')).toBe(true)
    expect(manifestText('overlays/managed/.gitignore').trim().split('\n').sort()).toEqual(['sign-in.env', 'stores.env'])
  })

  it('look after every program, and let searches go on where PostgreSQL is away', () => {
    for (const { name, probes } of workloads)
      expect(Object.keys(probes)).toEqual(
        expect.arrayContaining(['livenessProbe', 'readinessProbe', ...(name === 'redis' ? [] : ['startupProbe'])]),
      )
    expect(workload('gateway').probes).toEqual({
      startupProbe: '/health/ready',
      readinessProbe: '/health/live',
      livenessProbe: '/health/live',
    })
    for (const name of names) expect(new Set(Object.values(workload(name).probes))).toEqual(new Set(['/health']))
  })

  it('let a stopping gateway drain before it is killed', () => {
    const { terminationGracePeriodSeconds } = workload('gateway').pod
    const drainMs = Number(dataOf('gateway').SHUTDOWN_DRAIN_MS)
    expect(drainMs).toBeGreaterThanOrEqual(3_000)
    expect(Number(terminationGracePeriodSeconds) * 1000).toBeGreaterThanOrEqual(drainMs + 15_000)
  })

  it('confine every container', () => {
    for (const { name, pod, container } of workloads) {
      expect([name, pod.securityContext]).toEqual([
        name,
        expect.objectContaining({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }),
      ])
      expect(record(pod.securityContext).runAsUser).toBeGreaterThan(0)
      expect([name, container.securityContext]).toEqual([
        name,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      ])
      expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
      expect(record(container.resources)).toMatchObject({
        requests: expect.anything(),
        limits: { memory: expect.anything() },
      })
    }
  })

  it('keep data on volumes that are there', () => {
    for (const { name, pod, container } of workloads) {
      const claims = of('StatefulSet').find((one) => one.name === name)?.content.spec
      const templates = claims === undefined ? [] : record(claims).volumeClaimTemplates
      const volumes = [pod.volumes, templates].flatMap((list) => (Array.isArray(list) ? list.map(record) : []))
      const there = volumes.map((volume) => String(volume.name ?? record(volume.metadata).name))
      const mounted = Array.isArray(container.volumeMounts)
        ? container.volumeMounts.map((mount) => String(record(mount).name))
        : []
      expect([name, mounted.sort()]).toEqual([name, there.sort()])
    }
  })

  it('let nobody but gateways reach airlines and databases', () => {
    const policies = of('NetworkPolicy').map(({ name, content }) => ({ name, spec: record(content.spec) }))
    expect(policies).toContainEqual({
      name: 'nothing-else',
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    const gateway = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'gateway' } } }
    for (const name of ['airlines', 'redis', 'postgres']) {
      const { ingress } = policies.find((one) => one.name === name)?.spec ?? {}
      expect([name, ingress]).toEqual([name, [expect.objectContaining({ from: [gateway] })]])
    }
    for (const name of names) {
      const { metadata } = record(record(of('StatefulSet').find((one) => one.name === name)?.content.spec).template)
      expect(record(metadata).labels).toMatchObject({ 'app.kubernetes.io/component': 'airline' })
    }
  })

  it('scale gateways and keep one of them through a drain of nodes', () => {
    const [scaler] = of('HorizontalPodAutoscaler')
    expect(scaler?.content.spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'gateway' },
      minReplicas: 2,
    })
    expect(workload('gateway').replicas).toBeUndefined()
    const [budget] = of('PodDisruptionBudget')
    expect(budget?.content.spec).toMatchObject({ maxUnavailable: 1 })
  })
})
