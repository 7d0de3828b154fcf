// Shows an alarm that was pushed, and opens where it is attended. It keeps nothing and fetches nothing.
self.addEventListener("push", (event) => {
  const { title, url } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { data: url, tag: title, requireInteraction: true }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
