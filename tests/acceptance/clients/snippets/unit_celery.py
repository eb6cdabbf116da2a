from celery import Celery
app = Celery('test', broker=os.environ['CELERY_BROKER_URL'])
print(app.connection().connect())  # Should succeed
