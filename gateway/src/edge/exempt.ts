/** Whether a path is for whoever runs the gateway, who must get an answer above all when it has much to do. */
export function isExempt(url: string): boolean {
  const [path = ''] = url.split('?')
  return path === '/metrics' || path === '/health/live' || path === '/health/ready'
}
