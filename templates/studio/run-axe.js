// Runs inside the frame of a mail: looks at it as axe does, and tells the page around it what it found.
async function look() {
  // A mail has no landmarks: a client gives it its place.
  const rules = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };
  const { violations } = await axe.run(document, { resultTypes: ['violations'], rules });
  const findings = violations.map(({ id, help, impact, nodes }) => ({
    id,
    help,
    impact,
    html: nodes.map((node) => node.html),
  }));
  parent.postMessage({ axe: findings }, location.origin);
}

look().catch((error) =>
  parent.postMessage({ axe: [{ id: 'failed', help: String(error), impact: 'axe', html: [] }] }, location.origin),
);
